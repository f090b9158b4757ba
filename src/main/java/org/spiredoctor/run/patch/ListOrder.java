package org.spiredoctor.run.patch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The order of a list after a strategic merge patch. What the patch names stands in its order, what
 * it does not name in the order it had; the two are interleaved by the old order, where it knows
 * both, and else what is named comes first.
 */
final class ListOrder {
  private final Map<String, Integer> before;
  private final Map<String, Integer> wanted;

  ListOrder(List<String> before, List<String> wanted) {
    this.before = indexes(before);
    this.wanted = indexes(wanted);
  }

  <T> List<T> of(List<T> items, Function<T, String> key) {
    Map<Boolean, List<T>> parts =
        items.stream()
            .collect(Collectors.partitioningBy(item -> wanted.containsKey(key.apply(item))));
    List<T> named = sorted(parts.getOrDefault(true, List.of()), key, wanted);
    List<T> others = sorted(parts.getOrDefault(false, List.of()), key, before);
    List<T> all = new ArrayList<>();
    int next = 0;
    for (T item : named) {
      while (next < others.size() && stoodBefore(key.apply(others.get(next)), key.apply(item))) {
        all.add(others.get(next++));
      }
      all.add(item);
    }
    all.addAll(others.subList(next, others.size()));
    return all;
  }

  private boolean stoodBefore(String one, String other) {
    Integer first = before.get(one);
    Integer second = before.get(other);
    return first != null && second != null && first < second;
  }

  private static <T> List<T> sorted(
      List<T> items, Function<T, String> key, Map<String, Integer> order) {
    return items.stream()
        .sorted(
            Comparator.comparing(item -> order.getOrDefault(key.apply(item), Integer.MAX_VALUE)))
        .toList();
  }

  private static Map<String, Integer> indexes(List<String> keys) {
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      indexes.putIfAbsent(keys.get(i), i);
    }
    return indexes;
  }
}
