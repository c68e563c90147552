export const ResetPassword = () => <p>…</p>
