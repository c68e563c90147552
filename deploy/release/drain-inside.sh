# Sent into each container of the old version, as it is: `bash -s SECONDS` waits there until nothing is in flight.
# Without a second Node, which would take the processor from those who are served now.
look_every=0.25
# A request may be on its way from Nginx: once is not enough.
quiet_looks=3

# In flight, or - without such a gauge, and open streams.
look() {
  exec 3<>/dev/tcp/127.0.0.1/9464 || return
  printf 'GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  awk '/^http_requests_in_flight[{ ]/ { flying += $NF; seen = 1 }
       /^http_streams_open / { streams = $NF }
       END { print (seen ? flying : "-"), streams + 0 }' <&3
  exec 3<&-
}

look_or_fail() { read -r flying streams < <(look) || { echo 'its metrics do not answer' >&2 && exit 1; }; }

look_or_fail
first=$flying
quiet=0
while ((quiet < quiet_looks && SECONDS < $1)); do
  if [[ $flying == 0 || $flying == - ]]; then quiet=$((quiet + 1)); else quiet=0; fi
  sleep "$look_every"
  look_or_fail
done
echo "$flying $streams $first $SECONDS"
