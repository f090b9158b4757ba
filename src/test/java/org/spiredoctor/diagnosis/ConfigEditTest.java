package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.ClusterEvidence;

class ConfigEditTest {
  private static ConfigEdit edit(String more) {
    ClusterEvidence evidence = ClusterScene.healthy().agentConfig(more).evidence();
    return ConfigEdit.of(evidence, evidence.agents().getFirst()).orElseThrow();
  }

  @Test
  void changesTheOnePlace() {
    assertThat(edit("x { port = \"80\" other_port = 80 }\n").replace("port", "80", "1.2"))
        .hasValueSatisfying(
            command ->
                assertThat(command)
                    .contains(
                        "| sed -E 's/((^|[^A-Za-z0-9_])port\"?[[:space:]]*[=:][[:space:]]*\"?)80"
                            + "([[:space:]\",}]|$)/\\11.2\\3/' |"));
    assertThat(edit("{\"port\": 80}\n").replace("port", "80", "81")).isPresent();
    assertThat(edit("a = \"1.2*\"\n").replace("a", "1.2*", "x&/y").orElseThrow())
        .contains("1\\.2\\*(", "/\\1x\\&\\/y\\3/");
  }

  @Test
  void doesNotChangeWhatMayNotBeMeant() {
    for (String text :
        new String[] {
          "a { port = 80 }\nb { port = \"80\" }\n",
          "a { port = 80, port = 80 }\n",
          "# port = 80\na { port = 80 }\n",
          "  // port = 80\n",
          "a { port = 8080 }\n",
          "a { port = 180 }\n",
          "a { port = \"80-x\" }\n",
          "a { export = 80 }\n",
          ""
        }) {
      assertThat(edit(text).replace("port", "80", "81")).as(text).isEqualTo(Optional.empty());
    }
  }

  @Test
  void renamesTheOneBlock() {
    assertThat(edit("clusters = { \"old\" = {} }\n").rename("old", "new").orElseThrow())
        .contains("old(", "/\\1new\\2/");
    assertThat(edit("clusters = { \"old\" = {} }\nX \"old\" {}\n").rename("old", "new")).isEmpty();
    assertThat(edit("clusters = { \"very-old\" = {} }\n").rename("old", "new")).isEmpty();
  }
}
