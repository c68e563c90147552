import { bodyLimit } from 'hono/body-limit'
import { compose, saleOf } from './compose.ts'
import { docsRoutes } from './docs.ts'
import { faultRoutes } from './faults/routes.ts'
import { healthRoutes } from './health.ts'
import { router } from './kernel/api.ts'
import { declareRoutes } from './series.ts'
import { answerFailure } from './kernel/failures.ts'
import { requireJson, whereBody } from './kernel/media-type.ts'
import { Problem } from './kernel/problems.ts'
import { requestLog } from './kernel/request-log.ts'
import { answerNoRoute } from './no-route.ts'
import { quoteRoutes } from './slices/bookings/quote-routes.ts'
import { bookingsRoutes } from './slices/bookings/routes.ts'
import { reportStatus } from './slices/flights/commands/report-status.ts'
import { flightsRoutes } from './slices/flights/routes.ts'
import { createAuth } from './slices/identity/auth.ts'
import { issueBookingToken } from './slices/identity/booking-token.ts'
import { clientAddress } from './slices/identity/client-address.ts'
import { identify } from './slices/identity/identify.ts'
import { identityRoutes } from './slices/identity/routes.ts'
import * as promotions from './slices/offers/commands/save-promotion.ts'
import * as taxes from './slices/offers/commands/save-tax.ts'
import { createPromotionOnShow } from './slices/offers/queries/find-rules.ts'
import { offersRoutes } from './slices/offers/routes.ts'
import { operationsRoutes } from './slices/operations/routes.ts'
import { charge } from './slices/payments/commands/settle-payment.ts'
import { startPayment } from './slices/payments/commands/start-payment.ts'
import { findMoney } from './slices/payments/queries/find-money.ts'
import { paymentsRoutes } from './slices/payments/routes.ts'
import { MethodSchema, answerOf, isDeclined } from './slices/payments/schemas.ts'
import { reportsRoutes } from './slices/reports/routes.ts'
import { countSeats } from './slices/seats/queries/count-seats.ts'
import { findHeldSeats } from './slices/seats/queries/find-held-seats.ts'
import { seatsRoutes } from './slices/seats/routes.ts'
import { siteRoutes } from './site.ts'
import type { World } from './world.ts'

const BODY_BYTES_MAX = 64 * 1024

const DAY_MS = 86_400_000
/** A guest's token outlives the journey by far: flights are on sale for some two months. */
const ACCESS_DAYS = 180

/** The whole API on one screen: each slice, and what it is given. */
export const createApp = (world: World) => {
  const needs = compose(world)
  const { config } = world

  const app = router()
    .basePath('/api')
    .route('/', healthRoutes(world))
    .route('/', identityRoutes({ ...world, auth: createAuth(world) }))
    .route('/', flightsRoutes({ ...needs, ...onSale(world), ending: world.streams.ending }))
    .route('/', seatsRoutes(needs))
    .route('/', offersRoutes({ ...needs, countSeats, findHeldSeats }))
    .route('/', bookingsRoutes({ ...needs, ...guests(world), findMoney }))
    .route('/', quoteRoutes({ ...needs, surcharge: surchargeOf(needs) }))
    .route('/', paymentsRoutes({ ...needs, webhookSecret: config.PAYMENT_WEBHOOK_SECRET }))
    .route('/', operationsRoutes({ ...world, ...rules, reportStatus }))
    .route('/', reportsRoutes(world))
    .route('/', faultRoutes(world.faults.panel))

  const served = around(world).route('/', app.route('/', docsRoutes(app, config)))
  if (config.SITE_ROOT) served.route('/', siteRoutes(config.SITE_ROOT))
  served.notFound(answerNoRoute(app))
  declareRoutes(app)
  return served
}

/** What every request goes through, whatever answers it. */
const around = (world: World) => {
  const app = router()
  app.use(requestLog({ logger: world.logger, ...telemetryOf(world.config) }))
  app.use(whereBody(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: refuseSize })))
  app.use(requireJson)
  app.use(identify(world))
  app.use(world.faults.middleware)
  app.onError(answerFailure(world.logger))
  return app
}

const telemetryOf = ({ CLIENT_ADDRESS_HEADER, SERVER_TIMING, LOG_EVERY }: World['config']) => ({
  isBehindProxy: CLIENT_ADDRESS_HEADER !== undefined,
  serverTiming: SERVER_TIMING,
  logEvery: LOG_EVERY,
})

const refuseSize = () => {
  throw new Problem('payload-too-large', `At most ${BODY_BYTES_MAX} bytes.`)
}

const onSale = (world: World) => ({
  saleOf: world.faults.aroundSale(saleOf(world)),
  promotionOnShow: createPromotionOnShow(world),
})

const guests = ({ config }: World) => ({
  secret: config.AUTH_SECRET,
  addressOf: (c: Parameters<typeof clientAddress>[0]) => clientAddress(c, config),
  issueAccessToken: ({ booking_id, placed_at }: { booking_id: string; placed_at: Date }) =>
    issueBookingToken(config.AUTH_SECRET, {
      booking_id,
      expires_at: new Date(placed_at.getTime() + ACCESS_DAYS * DAY_MS),
    }),
})

const surchargeOf = (needs: ReturnType<typeof compose>) => ({
  methodSchema: MethodSchema,
  start: (db: World['db'], subject_id: string, who: Parameters<typeof startPayment>[1]['who']) =>
    startPayment({ ...needs, db }, { purpose: 'change', subject_id, who }),
  act: async (payment_id: string, token: string) =>
    answerOf(await charge(needs, { payment_id, token })),
  isFinal: isDeclined,
})

const rules = {
  taxes: { list: taxes.listTaxes, register: taxes.registerTax, change: taxes.changeTax },
  promotions: {
    list: promotions.listPromotions,
    register: promotions.registerPromotion,
    change: promotions.changePromotion,
  },
}

/** For the site's client: every route with the types of what it takes and gives. */
export type App = ReturnType<typeof createApp>
