import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

/** Takes mail by SMTP and keeps it, or knows none of the recipients and says so with their address. */
export const startMailServer = async () => {
  const mails: string[] = []
  let knowsAll = true

  const server = createServer((socket) => {
    const say = (line: string) => socket.write(`${line}\r\n`)
    let text: string[] | undefined
    socket.on('error', () => undefined)
    say('220 mail.test')
    createInterface({ input: socket }).on('line', (line) => {
      if (text && line !== '.') return void text.push(line)
      if (text) {
        mails.push(unquoted(text.join('\n')))
        text = undefined
        return say('250 kept')
      }
      const recipient = /^RCPT TO:(\S+)/i.exec(line)?.[1]
      if (recipient && !knowsAll) return say(`550 5.1.1 ${recipient} is not known here`)
      if (/^QUIT/i.test(line)) return socket.end('221 bye\r\n')
      if (!/^DATA/i.test(line)) return say('250 mail.test')
      text = []
      return say('354 go on')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    knowNobody: () => {
      knowsAll = false
    },
    close: () => void server.close(),
  }
}

const unquoted = (text: string) =>
  text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
