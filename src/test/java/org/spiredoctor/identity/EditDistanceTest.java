package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

  @ParameterizedTest
  @CsvSource({
    "web,web,0",
    "web,wep,1",
    "web,wb,1",
    "web,webb,1",
    "web,ewb,1",
    "'',web,3",
    "'','',0",
    "frontend,fornted,2",
    "ca,abc,3",
  })
  void itCountsWhatWasPutInLeftOutChangedOrSwapped(String one, String other, int distance) {
    assertThat(EditDistance.of(one, other, 9)).isEqualTo(distance);
    assertThat(EditDistance.of(other, one, 9)).isEqualTo(distance);
  }

  @Test
  void itAgreesWithTheTextbook() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      String one = word(random);
      String other = word(random);
      int most = random.nextInt(8);
      assertThat(EditDistance.of(one, other, most))
          .as("%s, %s, at most %d", one, other, most)
          .isEqualTo(Math.min(textbook(one, other), most + 1));
    }
  }

  private static String word(Random random) {
    return random
        .ints(random.nextInt(9), 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The recurrence, without any cleverness. */
  private static int textbook(String one, String other) {
    int[][] table = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        table[i][j] =
            Math.min(Math.min(table[i - 1][j], table[i][j - 1]) + 1, table[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
        }
      }
    }
    return table[one.length()][other.length()];
  }
}
