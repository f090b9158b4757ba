package org.spiredoctor.identity;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The few selectors of an entry, in the order in which they came, without a hash table. */
final class SmallSet extends AbstractSet<Selector> {
  /** From here on a look-up is worth a hash table. */
  private static final int LARGE = 8;

  private final Selector[] selectors;

  private SmallSet(Selector[] selectors) {
    this.selectors = selectors;
  }

  /** A copy of a set that nobody changes. */
  static Set<Selector> of(Set<Selector> selectors) {
    if (selectors instanceof SmallSet) {
      return selectors;
    }
    return selectors.size() < LARGE
        ? new SmallSet(selectors.toArray(Selector[]::new))
        : Collections.unmodifiableSet(new LinkedHashSet<>(selectors));
  }

  @Override
  public boolean contains(Object object) {
    for (Selector selector : selectors) {
      if (selector.equals(object)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Iterator<Selector> iterator() {
    return Arrays.asList(selectors).iterator();
  }

  @Override
  public int size() {
    return selectors.length;
  }
}
