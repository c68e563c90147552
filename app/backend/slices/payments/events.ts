import type { Event } from '../../kernel/outbox.ts'

export type PaymentEvent = Event<
  'payment.started' | 'payment.captured' | 'payment.failed',
  { payment_id: string; booking_id: string; amount: number; currency: string }
>
export type RefundEvent = Event<
  'refund.requested' | 'refund.succeeded' | 'refund.failed',
  { refund_id: string; payment_id: string; booking_id: string; amount: number; currency: string }
>
