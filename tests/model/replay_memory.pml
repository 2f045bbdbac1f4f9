// What was accepted. milter/replay_memory.cpp; PROTOCOL section 7.

typedef Entry {
  bool used;
  mtype address;
  byte port;
  byte epoch;
  mtype domain;
  byte user;
  byte receiver;
#if CLOCK_STEPS > 0
  byte last;  // of the clock that never jumps: when the latest of this epoch came
#endif
};
Entry memory[MEMORY];
byte forgotten = 0;  // the latest epoch of which something was forgotten; 0: none
#if CLOCK_STEPS > 0
byte forgotten_at = 0;
#endif

#define EXPIRED(epoch_, at_) (epoch_ + TOLERANCE + 1 - FORGETS_EARLY <= at_)

inline forget(e) {
  memory[e].used = false; memory[e].address = 0; memory[e].port = 0; memory[e].epoch = 0;
  memory[e].domain = 0; memory[e].user = 0; memory[e].receiver = 0;
#if CLOCK_STEPS > 0
  memory[e].last = 0
#endif
}

#if CLOCK_STEPS > 0
// What lies further ahead than any verifier looks is from a clock that was wrong, or is now: kept for the longest
// window, by the clock that never jumps. (Where no clock jumps, nothing does.)
#define TOO_FAR(epoch_, at_) (epoch_ > at_ + 2 * TOLERANCE)
inline forget_future(at_) {
  for (i : 0 .. MEMORY - 1) {
    if
    :: memory[i].used && TOO_FAR(memory[i].epoch, at_) &&
       (now - memory[i].last >= LONGEST_WINDOW || WITHOUT_STEADY_CLOCK) -> forget(i)
    :: else
    fi
  }
  if :: TOO_FAR(forgotten, at_) && now - forgotten_at >= LONGEST_WINDOW -> forgotten = 0 :: else fi
}

inline remember_time(e) {
  for (i : 0 .. MEMORY - 1) {
    if :: memory[i].used && memory[i].epoch == memory[e].epoch -> memory[i].last = now :: else fi
  }
}
#endif

// ReplayMemory::forget_expired.
inline forget_expired(at_) {
  for (i : 0 .. MEMORY - 1) {
    if
    :: memory[i].used && EXPIRED(memory[i].epoch, at_) ->
         if :: memory[i].epoch > forgotten && !WITHOUT_FORGOTTEN_EPOCH -> forgotten = memory[i].epoch :: else fi;
#if CLOCK_STEPS > 0
         forgotten_at = now;
#endif
         forget(i)
    :: else
    fi
  };
#if CLOCK_STEPS > 0
  forget_future(at_)
#endif
}

#define REMEMBERS(e, c, m) (memory[e].used && memory[e].address == connection[m].address && \
  memory[e].port == connection[m].port && memory[e].epoch == signature[exchange[c].signature].epoch && \
  memory[e].domain == exchange[c].domain && memory[e].receiver == connection[m].receiver)

// ReplayMemory::use, the question.
inline look_up(c, m) {
  use = first_use;
  forget_expired(exchange[c].at);
  vacant = MEMORY;
  for (i : 0 .. MEMORY - 1) {
    if
    :: REMEMBERS(i, c, m) ->
         use = (memory[i].user == m && !WITHOUT_SAME_USER -> known_of_same_user : known_of_another)
    :: else -> if :: !memory[i].used -> vacant = i :: else fi
    fi
  }
  if
  :: use == first_use && signature[exchange[c].signature].epoch <= forgotten -> use = cannot_tell
  :: use == first_use && vacant == MEMORY && signature[exchange[c].signature].epoch > forgotten ->
       if :: DROPS_OLDEST -> vacant = 0; forget(0) :: else -> use = cannot_tell fi
  :: else
  fi;
  if :: WITHOUT_REPLAY_MEMORY -> use = first_use :: else fi
}

// The same, the entry.
inline record(c, m) {
  vacant = MEMORY;
  for (i : 0 .. MEMORY - 1) {
    if :: !memory[i].used && (vacant == MEMORY || i == c) -> vacant = i :: else fi
  }
  if
  :: vacant < MEMORY ->
       memory[vacant].used = true;
       memory[vacant].address = connection[m].address;
       memory[vacant].port = connection[m].port;
       memory[vacant].receiver = connection[m].receiver;
       memory[vacant].epoch = signature[exchange[c].signature].epoch;
       memory[vacant].domain = exchange[c].domain;
       memory[vacant].user = m;
#if CLOCK_STEPS > 0
       remember_time(vacant)
#endif
  :: else
  fi
}
