export const Register = () => <p>…</p>
