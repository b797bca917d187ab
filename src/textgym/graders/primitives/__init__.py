"""The leaves of a grader: each looks at one thing and says how much of it is there.

They are pure, ask nothing of the network and start nothing. The output of a policy is hostile data to them: whatever it
holds, the time is bounded by its length, and what cannot be read earns the lowest value with the reason. A reference that
cannot be read is the user's mistake, and a status `error`.
"""
