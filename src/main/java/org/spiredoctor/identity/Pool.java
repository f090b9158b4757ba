package org.spiredoctor.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds equal ids, selectors and other parts once: a million entries have few of each. */
public final class Pool {
  private final Map<Object, Object> parts = new HashMap<>();

  /** The one that is held of all that equal this part; it must not change any more. */
  @SuppressWarnings("unchecked") // What equals it is of its type.
  public <T> T one(T part) {
    Object known = parts.putIfAbsent(part, part);
    return known == null ? part : (T) known;
  }

  /** An id or another text. */
  public String text(String text) {
    return one(text);
  }

  /** Texts of which the same are often together. */
  public List<String> texts(List<String> texts) {
    return texts.isEmpty() ? List.of() : one(texts.stream().map(this::text).toList());
  }

  /** The id of a trust domain and a path. */
  public String id(String trustDomain, String path) {
    return text(SpiffeIds.of(trustDomain, path));
  }

  /** A selector. */
  public Selector selector(String type, String value) {
    return one(new Selector(text(type), value));
  }

  /** How many it holds. */
  public int size() {
    return parts.size();
  }
}
