import { words } from '../language.ts'

export const payment = words({
  es: {
    title: 'Pago',
    heading: 'Paga tu reserva',
    trip: 'Tu viaje',
    price: 'Tu precio, línea por línea',
    timeLeft: 'Tienes',
    timeLeftEnd: 'para pagar; mientras tanto las sillas son tuyas.',
    pay: (total: string) => `Pagar ${total}`,
    sending: 'Hablando con el banco…',
    unclear:
      'Todavía no hay respuesta. Seguimos preguntando por el mismo pago: aunque tarde, no se te cobra dos veces. Puedes dejar esta página abierta.',
    offline:
      'Se perdió la conexión. En cuanto vuelva preguntamos por el mismo pago: no se te cobra dos veces.',
    unfinished:
      'No supimos el resultado de tu último intento y el banco no ha cobrado nada. Paga de nuevo: si aquel intento llegó, vale por este y no se cobra dos veces.',
    declined: 'El banco rechazó el pago y no se cobró nada.',
    declinedNext:
      'Tu reserva sigue apartada: elige otra tarjeta e inténtalo de nuevo, o habla con tu banco.',
    processing: 'Tu pago está en proceso',
    processingHow:
      'El banco lo está confirmando; se resuelve solo y no tienes que hacer nada. Tus sillas siguen apartadas. Si cierras esta página, el resultado te espera en tu reserva.',
    elapsed: (seconds: number) => `Preguntando desde hace ${seconds} s`,
    stillOffline: 'Sin conexión por ahora; volvemos a preguntar en unos segundos.',
    closed: {
      expired: 'Se acabó el tiempo para pagar',
      cancelled: 'Esta reserva está cancelada',
      failed: 'Las sillas se perdieron antes de que llegara el pago',
    } as Record<string, string>,
    closedHow: {
      expired:
        'No se cobró nada y las sillas volvieron a la venta. Busca otra vez: tus datos siguen escritos.',
      cancelled: 'No hay nada que pagar. Puedes buscar otro vuelo: tus datos siguen escritos.',
      failed:
        'Si el banco cobró algo, lo devolvemos completo y solo: mira la devolución en tu reserva.',
    } as Record<string, string>,
    searchAgain: 'Buscar de nuevo',
    see: 'Ver la reserva',
    none: 'No hay nada por pagar',
    noneHow: 'Aquí se paga una reserva recién hecha en este navegador.',
    find: 'Abrir mi reserva',
  },
  en: {
    title: 'Payment',
    heading: 'Pay for your booking',
    trip: 'Your journey',
    price: 'Your price, line by line',
    timeLeft: 'You have',
    timeLeftEnd: 'to pay; until then the seats are yours.',
    pay: (total: string) => `Pay ${total}`,
    sending: 'Talking to the bank…',
    unclear:
      'There is no answer yet. We keep asking about the same payment: however late, you are not charged twice. You may leave this page open.',
    offline:
      'The connection is lost. As soon as it is back we ask about the same payment: you are not charged twice.',
    unfinished:
      'We never heard the result of your last attempt, and the bank has charged nothing. Pay again: if that attempt arrived, it counts as this one and you are not charged twice.',
    declined: 'The bank declined the payment and nothing was charged.',
    declinedNext:
      'Your booking is still kept for you: choose another card and try again, or speak to your bank.',
    processing: 'Your payment is being processed',
    processingHow:
      'The bank is confirming it; it resolves by itself and you need do nothing. Your seats are still kept. If you close this page, the result waits in your booking.',
    elapsed: (seconds: number) => `Asking for ${seconds} s`,
    stillOffline: 'No connection just now; we ask again in a few seconds.',
    closed: {
      expired: 'The time to pay is over',
      cancelled: 'This booking is cancelled',
      failed: 'The seats were lost before the payment came',
    } as Record<string, string>,
    closedHow: {
      expired:
        'Nothing was charged and the seats are on sale again. Search again: your details are still there.',
      cancelled:
        'There is nothing to pay. You can search for another flight: your details are still there.',
      failed:
        'If the bank charged anything, all of it goes back by itself: see the refund in your booking.',
    } as Record<string, string>,
    searchAgain: 'Search again',
    see: 'See the booking',
    none: 'There is nothing to pay',
    noneHow: 'This is where a booking just made in this browser is paid.',
    find: 'Open my booking',
  },
})
