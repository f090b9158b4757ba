package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is held of thousands of objects is what came in, however it is held. */
class ObjectListTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonNode object(int i) {
    return MAPPER
        .createObjectNode()
        .put("name", "web-" + i)
        .put("number", i)
        .put("flag", i % 2 == 0)
        // Text that a careless writer loses: half a pair, a mark, a line end, other scripts.
        .put("text", "\ud83d " + i + " \ud83d\ude00 \u0000\n\"é")
        .set("list", MAPPER.createArrayNode().add("a").addNull().add(i / 2.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 1000})
  void theObjectsComeBackInTheirOrder(int size) {
    List<JsonNode> objects = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      objects.add(object(i));
    }
    ObjectList list = ObjectList.of(objects);
    assertThat(list).hasSize(size);
    assertThat(list.stream().toList()).isEqualTo(objects);
    assertThat(list).isEqualTo(objects);
    assertThatThrownBy(() -> list.get(size)).isInstanceOf(IndexOutOfBoundsException.class);
    if (size > 0) {
      // From behind too, and by several at once.
      assertThat(list.reversed().stream().toList()).isEqualTo(objects.reversed());
      assertThat(list.parallelStream().toList()).isEqualTo(objects);
    }
  }
}
