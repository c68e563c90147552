export const FlightStatus = () => <p>…</p>
