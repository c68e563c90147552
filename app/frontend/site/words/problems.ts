import { Refusal } from '../api.ts'
import { words } from '../language.ts'

const said = words<Record<string, string>>({
  es: {
    offline:
      'No hay conexión o es muy lenta. Revisa tu internet y vuelve a intentarlo; lo que escribiste sigue aquí.',
    'seat-unavailable': 'Otra persona acaba de tomar una de esas sillas. Elige otra.',
    'sold-out': 'Ya no hay sillas suficientes en este vuelo. Prueba otro horario.',
    'capacity-pets': 'No quedan cupos para mascotas en este vuelo. Prueba otro horario.',
    'capacity-infants': 'No quedan cupos para infantes en brazos en este vuelo.',
    'flight-closed': 'Este vuelo ya no está a la venta. Elige otro.',
    'price-changed': 'El precio cambió. Revisa el nuevo precio antes de confirmar.',
    'offer-expired': 'El precio garantizado venció. Pídelo de nuevo: toma un segundo.',
    'offer-used': 'Esta oferta ya fue reservada. Mírala en «Mi reserva».',
    'hold-expired': 'Se acabó el tiempo de las sillas apartadas. Elígelas de nuevo.',
    'payment-declined': 'El banco rechazó el pago. No se cobró nada: intenta con otra tarjeta.',
    'payment-pending': 'Ya hay un pago en proceso. Espera el resultado: no se cobrará dos veces.',
    'booking-state-conflict': 'La reserva cambió mientras tanto. Vuelve a abrirla.',
    'quote-superseded': 'Hay una cotización más nueva. Pídela de nuevo.',
    'quote-expired': 'La cotización venció. Pídela de nuevo.',
    'code-expired': 'El código no es correcto o venció. Pide otro.',
    'not-refundable': 'Este vuelo ya salió; no hay nada que devolver.',
    'rate-limited': 'Demasiados intentos. Espera un momento y vuelve a probar.',
    unauthenticated: 'Tu sesión terminó o los datos no coinciden. Entra de nuevo.',
    forbidden: 'Tu cuenta no tiene permiso para esto.',
    'not-found': 'No encontramos eso. Revisa los datos.',
    'infant-without-adult':
      'Cada infante viaja en brazos de un adulto: agrega un adulto o quita un infante.',
    'validation-failed': 'Revisa los campos marcados.',
    'dependency-unavailable':
      'El sistema no responde por ahora. Vuelve a intentarlo en unos segundos.',
    'request-in-progress': 'Tu solicitud sigue en curso. Espera un momento.',
    internal: 'Algo falló de nuestro lado. Vuelve a intentarlo.',
  },
  en: {
    offline:
      'There is no connection, or a very slow one. Check your internet and try again; what you typed is still here.',
    'seat-unavailable': 'Somebody else has just taken one of those seats. Choose another.',
    'sold-out': 'There are not enough seats left on this flight. Try another time.',
    'capacity-pets': 'There is no pet place left on this flight. Try another time.',
    'capacity-infants': 'There is no place left for a lap infant on this flight.',
    'flight-closed': 'This flight is no longer on sale. Choose another.',
    'price-changed': 'The price has changed. Look at the new price before you confirm.',
    'offer-expired': 'The guaranteed price has expired. Ask again: it takes a second.',
    'offer-used': 'This offer has been booked already. See it in “My booking”.',
    'hold-expired': 'The time of the held seats is over. Choose them again.',
    'payment-declined': 'The bank declined the payment. Nothing was charged: try another card.',
    'payment-pending':
      'A payment is under way. Wait for its result: you will not be charged twice.',
    'booking-state-conflict': 'The booking has changed meanwhile. Open it again.',
    'quote-superseded': 'There is a newer quote. Ask for it again.',
    'quote-expired': 'The quote has expired. Ask for it again.',
    'code-expired': 'The code is wrong or has expired. Ask for another.',
    'not-refundable': 'This flight has departed; there is nothing to give back.',
    'rate-limited': 'Too many attempts. Wait a moment and try again.',
    unauthenticated: 'Your session has ended or the data do not match. Sign in again.',
    forbidden: 'Your account is not allowed to do this.',
    'not-found': 'We could not find that. Check the data.',
    'infant-without-adult':
      'Each infant travels on an adult’s lap: add an adult or remove an infant.',
    'validation-failed': 'Look at the marked fields.',
    'dependency-unavailable': 'The system does not answer right now. Try again in a few seconds.',
    'request-in-progress': 'Your request is still under way. Wait a moment.',
    internal: 'Something failed on our side. Try again.',
  },
})

/** What happened and what to do, in the language of the page. */
export const sentenceFor = (error: unknown): string => {
  const known = said()
  if (!(error instanceof Refusal)) return known.internal!
  return known[error.kind] ?? known.internal!
}
