export const Confirmation = () => <p>…</p>
