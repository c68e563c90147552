export const Payment = () => <p>…</p>
