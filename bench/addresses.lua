-- wrk: ask for the lines of $BENCH_ADDRESSES ("path<TAB>cookie") in turn; print the figures as one line of JSON.
local requests, place = {}, 0

function init()
  for line in io.lines(os.getenv("BENCH_ADDRESSES")) do
    local path, cookie = line:match("^(.-)\t(.*)$")
    local headers = { ["Accept-Language"] = "uk" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "failed": %d, "p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
