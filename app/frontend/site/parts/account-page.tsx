import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { useAccount } from '../account.ts'
import { nextPage } from '../next-page.ts'
import { useTitle } from './use-title.ts'
import '../style/sign-in.css'

type Props = {
  title: string
  heading: string
  lead: string
  children: ComponentChildren
  /** Links to the pages that one may have meant. */
  ways: ComponentChildren
}

/** A page with one form about an account. */
export const AccountPage = ({ title, heading, lead, children, ways }: Props) => {
  useTitle(title)
  return (
    <div class="account">
      <h1>{heading}</h1>
      <p>{lead}</p>
      {children}
      <p class="ways">{ways}</p>
    </div>
  )
}

/** Who is signed in goes on to where they were going. */
export const useGoOnSignedIn = () => {
  const { query, route } = useLocation()
  const account = useAccount()
  useEffect(() => {
    if (account) route(nextPage(query.next), true)
  }, [account])
  return query.next
}
