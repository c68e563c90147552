export const Trips = () => <p>…</p>
