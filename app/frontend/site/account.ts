import { api, ask } from './api.ts'
import { signal, useSignal } from './signal.ts'

export type Account = { id: string; email: string; name: string; role: string }

/** Undefined until the server has said who is signed in. */
const account = signal<Account | null | undefined>(undefined)

export const useAccount = () => useSignal(account)

export const refreshAccount = async () => {
  const said = await ask(api.auth['get-session'].$get()).catch(() => ({ account: null }))
  account.value = said.account
}

export const signedIn = (who: Account) => {
  account.value = who
}

export const signOut = async () => {
  await ask(api.auth['sign-out'].$post())
  account.value = null
}
