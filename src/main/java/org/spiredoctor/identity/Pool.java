package org.spiredoctor.identity;

import java.util.HashMap;
import java.util.Map;

/** Holds equal ids and selectors once: a million entries have few of either. */
public final class Pool {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<Selector, Selector> selectors = new HashMap<>();

  /** An id or another text. */
  public String text(String text) {
    return texts.computeIfAbsent(text, t -> t);
  }

  /** The id of a trust domain and a path. */
  public String id(String trustDomain, String path) {
    return text(SpiffeIds.of(trustDomain, path));
  }

  /** A selector. */
  public Selector selector(String type, String value) {
    Selector selector = new Selector(type, value);
    Selector known = selectors.putIfAbsent(selector, selector);
    return known == null ? selector : known;
  }
}
