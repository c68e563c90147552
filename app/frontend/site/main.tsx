import { LocationProvider, Route, Router, lazy } from 'preact-iso'
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { refreshAccount } from './account.ts'
import { Home } from './pages/home.tsx'
import { Footer, Header } from './parts/frame.tsx'
import { OfflineBar } from './parts/offline-bar.tsx'
import { Progress, showProgress } from './parts/progress.tsx'
import { Unreachable } from './parts/unreachable.tsx'
import { reloadOnce } from './reload-once.ts'
import './style/base.css'

// One file a page, named as its URL; each is loaded when it is first needed.
const page = <Name extends string>(
  load: () => Promise<Record<Name, () => preact.JSX.Element>>,
  name: Name,
) =>
  lazy(() =>
    load()
      .catch(reloadOnce)
      .then(
        (module) => module[name],
        () => Unreachable,
      ),
  )

const Results = page(() => import('./pages/results.tsx'), 'Results')
const Seats = page(() => import('./pages/seats.tsx'), 'Seats')
const Passengers = page(() => import('./pages/passengers.tsx'), 'Passengers')
const Payment = page(() => import('./pages/payment.tsx'), 'Payment')
const Confirmation = page(() => import('./pages/confirmation.tsx'), 'Confirmation')
const Trips = page(() => import('./pages/trips.tsx'), 'Trips')
const Booking = page(() => import('./pages/booking.tsx'), 'Booking')
const FlightStatus = page(() => import('./pages/flight-status.tsx'), 'FlightStatus')
const SignIn = page(() => import('./pages/sign-in.tsx'), 'SignIn')
const Register = page(() => import('./pages/register.tsx'), 'Register')
const ResetPassword = page(() => import('./pages/reset-password.tsx'), 'ResetPassword')
const NotFound = page(() => import('./pages/not-found.tsx'), 'NotFound')

const Site = () => {
  useEffect(() => void refreshAccount(), [])
  return (
    <LocationProvider>
      <Header />
      <OfflineBar />
      <Progress />
      <main id="content">
        <Router
          onRouteChange={() => window.scrollTo(0, 0)}
          onLoadStart={() => showProgress(true)}
          onLoadEnd={() => showProgress(false)}
        >
          <Route path="/" component={Home} />
          <Route path="/results" component={Results} />
          <Route path="/seats" component={Seats} />
          <Route path="/passengers" component={Passengers} />
          <Route path="/payment" component={Payment} />
          <Route path="/confirmation/:id" component={Confirmation} />
          <Route path="/trips" component={Trips} />
          <Route path="/booking" component={Booking} />
          <Route path="/booking/:id" component={Booking} />
          <Route path="/flight-status" component={FlightStatus} />
          <Route path="/sign-in" component={SignIn} />
          <Route path="/register" component={Register} />
          <Route path="/reset-password" component={ResetPassword} />
          <Route default component={NotFound} />
        </Router>
      </main>
      <Footer />
    </LocationProvider>
  )
}

render(<Site />, document.getElementById('app')!)

// Only so that a page which cannot be had says so itself; it keeps no answers.
window.addEventListener('load', () => {
  navigator.serviceWorker?.register('/service-worker.js').catch(() => undefined)
})
