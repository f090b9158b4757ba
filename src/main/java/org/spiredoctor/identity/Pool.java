package org.spiredoctor.identity;

import java.util.List;
import org.spiredoctor.kube.Once;

/** Holds equal ids, selectors and other parts once: a million entries have few of each. */
public final class Pool {
  private final Once parts = new Once();

  /** The one that is held of all that equal this part; it must not change any more. */
  public <T> T one(T part) {
    return parts.one(part);
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

  /** How many parts were new to it so far. */
  public int size() {
    return parts.size();
  }
}
