package org.spiredoctor.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Twice as much of anything takes about twice the work, healthy or broken. */
class GrowthTest {
  private static final int SIZE = 400;

  /** What is n log n is less. */
  private static final double MOST = 2.4;

  /** What takes so few steps is not worth a thought. */
  private static final long FEW = 20_000;

  private static final CountingLoader LOADER =
      new CountingLoader(GrowthTest.class.getClassLoader());

  private static final ClassLoader OTHERS = Thread.currentThread().getContextClassLoader();

  /**
   * Else the tests that follow in this process would be loaded by it, and count nothing covered.
   */
  @AfterAll
  static void leaveTheLoaderOfOtherTests() {
    Thread.currentThread().setContextClassLoader(OTHERS);
  }

  private static Class<?> growing() throws ClassNotFoundException {
    Thread.currentThread().setContextClassLoader(LOADER);
    return LOADER.loadClass("org.spiredoctor.diagnosis.Growing");
  }

  @SuppressWarnings("unchecked")
  static Stream<String> kinds() throws ReflectiveOperationException {
    return ((List<String>) growing().getMethod("kinds").invoke(null)).stream();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Long> steps(String kind, int n) throws ReflectiveOperationException {
    return steps(
        (Map<String, Runnable>)
            growing().getMethod("parts", String.class, int.class).invoke(null, kind, n));
  }

  private static Map<String, Long> steps(Map<String, Runnable> parts) {
    Map<String, Long> steps = new LinkedHashMap<>();
    parts.forEach((name, work) -> steps.put(name, Steps.of(work)));
    return steps;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Long> planning(int n) throws ReflectiveOperationException {
    Class<?> growing = LOADER.loadClass("org.spiredoctor.registration.GrowingPlan");
    return steps((Map<String, Runnable>) growing.getMethod("parts", int.class).invoke(null, n));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void twiceAsMuchIsTwiceTheWork(String kind) throws ReflectiveOperationException {
    compare(kind, steps(kind, SIZE), steps(kind, 2 * SIZE));
  }

  @Test
  void twiceAsManyEntriesAreTwiceThePlanning() throws ReflectiveOperationException {
    compare("entries to register", planning(SIZE), planning(2 * SIZE));
  }

  private static void compare(String kind, Map<String, Long> once, Map<String, Long> twice) {
    List<String> worse = new ArrayList<>();
    twice.forEach(
        (name, steps) -> {
          long before = once.getOrDefault(name, 0L);
          if (steps > FEW && steps > MOST * before) {
            worse.add("%s: %,d steps, then %,d".formatted(name, before, steps));
          }
        });
    assertThat(worse).as("%s, %d and %d", kind, SIZE, 2 * SIZE).isEmpty();
  }
}
