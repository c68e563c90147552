export const Passengers = () => <p>…</p>
