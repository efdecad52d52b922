// Training by small batches: one member, epoch by epoch, as scikit-learn's solvers do it.
#pragma once

#include <span>

#include "training/member.hpp"
#include "training/propagation.hpp"

namespace glassnet {

// The threads that work on one net.
struct Crew {
  Team* team;
  int threads;
};

// How many of `threads` threads pay on a net: each must have enough to do between two waits.
int worthwhile_threads(const Network& network, double rows, double work_share, int threads);

// Trains a member; it holds its parameters and its memory afterwards. `row_weights`, `target` and
// rows of the member must fit the data. The validation rows are of `validation` where it is given.
template <class T>
Outcome train_stochastic(const Network& network, const Data<T>& data, const Data<T>* validation,
                         Member<T>& member, int index, Crew crew, Listener* listener,
                         Interruption& interruption);

// Trains all members, several at a time where there are at least as many as threads.
template <class T>
std::vector<Outcome> train_population(const Network& network, const Data<T>& data,
                                      const Data<T>* validation, std::span<Member<T>> members,
                                      Lease& lease, Listener* listener,
                                      Interruption& interruption);

}  // namespace glassnet
