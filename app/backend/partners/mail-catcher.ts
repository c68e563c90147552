import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { alertRoutes } from './alert-routes.ts'
import { mailRoutes } from './mail-routes.ts'

export type Mail = {
  id: string
  /** Everyone the message was handed in for, blind copies included. */
  to: string[]
  from: string
  subject: string
  text: string
  received_at: string
}

const MAILS_MAX = 500
const MAIL_BYTES_MAX = 1_000_000

type Options = { host?: string | undefined; log?: ((line: object) => void) | undefined }

/** Takes every mail it is handed, delivers none, and shows them: the newest stands first. */
export const createMailCatcher = ({ host = '127.0.0.1', log = () => {} }: Options = {}) => {
  const mails: Mail[] = []
  const keep = (mail: Mail) => {
    mails.unshift(mail)
    mails.length = Math.min(mails.length, MAILS_MAX)
    log({ msg: 'mail', mail_id: mail.id, subject: mail.subject })
  }
  const smtp = createSmtpServer(keep)
  // A client that hangs up in mid-sentence is an 'error', which unheard would end the process.
  smtp.on('error', (error) => log({ msg: 'smtp error', reason: error.message }))

  return {
    app: mailRoutes(mails),
    alerts: alertRoutes(keep),
    messages: (): Mail[] => [...mails],
    listen: (port = 0) =>
      new Promise<{ smtpPort: number }>((resolve, reject) => {
        smtp.once('error', reject)
        smtp.listen(port, host, () => {
          smtp.off('error', reject)
          resolve({ smtpPort: (smtp.server.address() as AddressInfo).port })
        })
      }),
    close: () => new Promise<void>((resolve) => smtp.close(resolve)),
  }
}

const createSmtpServer = (keep: (mail: Mail) => void) =>
  new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: MAIL_BYTES_MAX,
    rejectOversized: true,
    // Mailers pool their connections; nobody should wait for idle ones at the end.
    closeTimeout: 100,
    onData: (stream, session, done) => {
      readMail(stream, session).then((mail) => {
        if (!stream.sizeExceeded) keep(mail)
        done()
      }, done)
    },
  })

const readMail = async (
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<Mail> => {
  const { subject = '', text = '', from } = await simpleParser(stream, { skipTextToHtml: true })
  return {
    id: randomUUID(),
    to: envelope.rcptTo.map(({ address }) => address),
    from: from?.text ?? (envelope.mailFrom ? envelope.mailFrom.address : ''),
    subject,
    text,
    received_at: new Date().toISOString(),
  }
}
