import type { ComponentChildren } from 'preact'

type Props = { kind?: 'error' | 'info' | 'good'; children: ComponentChildren }

/** A message that is read out when it appears. */
export const Alert = ({ kind = 'error', children }: Props) => (
  <div class={`alert ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
    {children}
  </div>
)
