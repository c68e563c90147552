export const Results = () => <p>…</p>
