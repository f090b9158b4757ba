package org.spiredoctor.kube;

import java.util.HashMap;
import java.util.Map;

/** Holds equal values once. */
public final class Once {
  private final Map<Object, Object> known = new HashMap<>();

  /** The one that is held of all that equal this value; it must not change any more. */
  @SuppressWarnings("unchecked") // What equals it is of its type.
  public <T> T one(T value) {
    Object before = known.putIfAbsent(value, value);
    return before == null ? value : (T) before;
  }

  /** How many it holds. */
  public int size() {
    return known.size();
  }
}
