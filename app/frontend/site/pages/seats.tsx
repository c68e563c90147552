export const Seats = () => <p>…</p>
