export const SignIn = () => <p>…</p>
