package org.spiredoctor.kube;

import java.util.HashMap;
import java.util.Map;

/**
 * Holds equal values once. Of many different ones it forgets those that it has: what is frequent is
 * soon known again, and what is not is not worth a place in a table.
 */
public final class Once {
  /** The table of so many takes some ten megabytes. */
  private static final int MOST = 1 << 17;

  private final Map<Object, Object> known = new HashMap<>();
  private int held;

  /** The one that is held of all that equal this value; it must not change any more. */
  @SuppressWarnings("unchecked") // What equals it is of its type.
  public <T> T one(T value) {
    Object before = known.get(value);
    if (before != null) {
      return (T) before;
    }
    if (known.size() == MOST) {
      known.clear();
    }
    known.put(value, value);
    held++;
    return value;
  }

  /** How many values were new to it so far: also those that it has forgotten, once more perhaps. */
  public int size() {
    return held;
  }
}
