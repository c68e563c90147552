export const NotFound = () => <p>…</p>
