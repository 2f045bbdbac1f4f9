// How many connections there are to each server.
#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "tecs/ip_address.hpp"

namespace tecs {

// Used by one thread; must outlive its places.
class ConnectionCounts {
 public:
  // One connection's, from before it is made until it is closed.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { give_back(); }

   private:
    friend class ConnectionCounts;
    using Counts = std::map<IpAddress, std::size_t>;
    Place(Counts& counts, Counts::iterator entry) noexcept : counts_(&counts), entry_(entry) {}
    void give_back() noexcept;

    Counts* counts_;  // nullptr: moved from
    Counts::iterator entry_;
  };

  // Nothing when there are maximum already. maximum 0: any number.
  [[nodiscard]] std::optional<Place> take(const IpAddress& server, std::size_t maximum);

 private:
  Place::Counts counts_;
};

}  // namespace tecs
