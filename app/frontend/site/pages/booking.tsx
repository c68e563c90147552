export const Booking = () => <p>…</p>
