import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Mail } from './mail-catcher.ts'
import { readBody } from './requests.ts'

const notice = z.object({
  status: z.string(),
  alerts: z.array(
    z.object({ status: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
  ),
  commonLabels: z.record(z.string(), z.string()).default({}),
})

/** What Alertmanager calls, where nobody has said whom else to call: each notice becomes a mail. */
export const alertRoutes = (keep: (mail: Mail) => void) =>
  new Hono()
    // Called every minute while all is well, which is all that it says.
    .post('/watchdog', (c) => c.body(null, 204))
    .post('/:receiver', async (c) => {
      const { status, alerts, commonLabels } = await readBody(c, notice)
      keep({
        id: randomUUID(),
        to: [`${c.req.param('receiver')}@aeroflash.example`],
        from: 'alertmanager@aeroflash.example',
        subject: `${status}: ${commonLabels.alertname ?? `${alerts.length} alerts`}`,
        text: alerts
          .map(({ status, annotations }) => `${status}: ${annotations.summary ?? ''}`)
          .join('\n'),
        received_at: new Date().toISOString(),
      })
      return c.body(null, 204)
    })
