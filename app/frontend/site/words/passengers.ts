import { words } from '../language.ts'

export const passengersWords = words({
  es: {
    title: '¿Quiénes viajan?',
    lead: 'Escribe los datos como están en el documento de viaje.',
    saved: 'Lo que escribes queda en esta pestaña: puedes recargar o volver sin perderlo.',
    contact: 'Contacto',
    email: 'Correo',
    emailHint: 'Ahí llegan la reserva y los avisos del vuelo.',
    phone: 'Teléfono (opcional)',
    phoneHint: 'Para avisarte de un cambio de última hora.',
    pets: 'Mascotas',
    petsLabel: 'Mascotas en cabina',
    petsHint: 'Una por adulto',
    petsRules:
      'Viaja en la cabina, dentro de un guacal que quepa bajo la silla de adelante. Cada adulto puede llevar una.',
    petsLeft: (n: number) =>
      n === 1 ? 'Queda 1 cupo en tus vuelos.' : `Quedan ${n} cupos en tus vuelos.`,
    petsFull: (n: number) =>
      n === 0
        ? 'No quedan cupos para mascotas en uno de tus vuelos. Quítala o elige otro vuelo.'
        : `Solo quedan ${n} cupos para mascotas en uno de tus vuelos. Lleva menos o elige otro vuelo.`,
    petsAdults: 'Cada mascota viaja con un adulto: lleva menos mascotas.',
    infantsFull: 'No quedan cupos para infantes en brazos en uno de tus vuelos. Elige otro vuelo.',
    promotion: 'Código promocional (opcional)',
    promotionHint: 'Sin código se aplica sola la promoción del día.',
    promotionUnknown: 'Ese código no existe o ya venció. Bórralo o escribe otro.',
    promotionShape: 'Un código tiene de 3 a 20 letras y números, sin espacios.',
    price: 'Tu precio',
    total: 'Total',
    estimate: 'Estimado',
    estimateWhy:
      'Suponemos adultos de 30 años, niños de 8 e infantes de 1. Con las fechas de nacimiento será exacto.',
    frozen: (time: string) => `Precio congelado hasta las ${time}.`,
    asking: 'Calculando…',
    noPrice: 'Sin precio aún',
    seats: 'Sillas',
    anySeats: 'Te asignamos cualquiera',
    sweets:
      'Quien tiene 12 años o menos el día del vuelo recibe una bolsa de dulces en cada vuelo. Va por nuestra cuenta.',
    changed: (before: string, now: string) =>
      `El precio cambió de ${before} a ${now}. Si te sirve, vuelve a pulsar «Ir a pagar».`,
    ended:
      'Se acabó el tiempo de tus sillas y las soltamos. Elígelas de nuevo o sigue: te daremos otras.',
    chooseSeats: 'Elegir sillas',
    tooManySeats:
      'Ahora hay menos pasajeros con silla y soltamos las apartadas. Elígelas de nuevo si quieres.',
    otherFlights: 'Buscar otros vuelos',
    booked: (reference: string) =>
      `Ya tienes la reserva ${reference} por pagar. Si cambias algo aquí, será otra reserva.`,
    pay: 'Ir a pagarla',
    on: 'Ir a pagar',
    again: 'Volver a intentar',
    look: (n: number) => (n === 1 ? 'Hay 1 campo por corregir.' : `Hay ${n} campos por corregir.`),
    needEmail: 'Escribe un correo como nombre@ejemplo.com.',
    needPhone: 'Un teléfono tiene de 6 a 24 números; puede empezar por +.',
  },
  en: {
    title: 'Who travels?',
    lead: 'Write the details as they are in the travel document.',
    saved: 'What you write stays in this tab: reload or go back without losing it.',
    contact: 'Contact',
    email: 'E-mail',
    emailHint: 'The booking and news of the flight go there.',
    phone: 'Telephone (optional)',
    phoneHint: 'To tell you of a last-minute change.',
    pets: 'Pets',
    petsLabel: 'Pets in the cabin',
    petsHint: 'One an adult',
    petsRules:
      'It travels in the cabin, in a carrier that fits under the seat in front. Each adult may take one.',
    petsLeft: (n: number) =>
      n === 1 ? '1 place is left on your flights.' : `${n} places are left on your flights.`,
    petsFull: (n: number) =>
      n === 0
        ? 'No pet place is left on one of your flights. Take it out or choose another flight.'
        : `Only ${n} pet places are left on one of your flights. Take fewer or choose another flight.`,
    petsAdults: 'Each pet travels with an adult: take fewer pets.',
    infantsFull: 'No place for a lap infant is left on one of your flights. Choose another flight.',
    promotion: 'Promotion code (optional)',
    promotionHint: 'Without a code, the promotion of the day applies by itself.',
    promotionUnknown: 'There is no such code, or it has expired. Remove it or write another.',
    promotionShape: 'A code has 3 to 20 letters and digits, no spaces.',
    price: 'Your price',
    total: 'Total',
    estimate: 'Estimate',
    estimateWhy:
      'We suppose adults of 30, children of 8 and infants of 1. With the dates of birth it will be exact.',
    frozen: (time: string) => `Price frozen until ${time}.`,
    asking: 'Working it out…',
    noPrice: 'No price yet',
    seats: 'Seats',
    anySeats: 'We give you any',
    sweets:
      'Whoever is 12 or younger on the day of the flight gets a bag of sweets on each flight. It is on us.',
    changed: (before: string, now: string) =>
      `The price has changed from ${before} to ${now}. If it suits you, press “Go to payment” again.`,
    ended:
      'The time of your seats is over and we let them go. Choose again or go on: we give you others.',
    chooseSeats: 'Choose seats',
    tooManySeats:
      'Fewer passengers need a seat now, so we let the held ones go. Choose again if you like.',
    otherFlights: 'Look for other flights',
    booked: (reference: string) =>
      `You have booking ${reference} to pay for. Changing something here makes another booking.`,
    pay: 'Go and pay for it',
    on: 'Go to payment',
    again: 'Try again',
    look: (n: number) => (n === 1 ? '1 field needs mending.' : `${n} fields need mending.`),
    needEmail: 'Write an e-mail like name@example.com.',
    needPhone: 'A telephone has 6 to 24 digits; it may begin with +.',
  },
})
