package org.spiredoctor.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.report.ReportFormat;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
  @ParameterizedTest
  @CsvSource({
    "120s, 120000",
    "120, 120000",
    "0, 0",
    "2m, 120000",
    "1m30s, 90000",
    "1h, 3600000",
    "500ms, 500",
    "1s500ms, 1500"
  })
  void durations(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "5 s", "-5s", "1.5s", "5d", "5s5m", "99999999999999999999s"})
  void malformedDurations(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "' is not a duration");
  }

  @Test
  void wordsAreQuotedForTheShell() {
    assertThat(Shell.quote("web-0")).isEqualTo("web-0");
    assertThat(Shell.quote("a b")).isEqualTo("'a b'");
    assertThat(Shell.quote("it's")).isEqualTo("'it'\\''s'");
    assertThat(Shell.quote("$(reboot)")).isEqualTo("'$(reboot)'");
    assertThat(Shell.quote("")).isEqualTo("''");
  }

  @Test
  void yamlHasTwoNames() {
    ReportFormatConverter converter = new ReportFormatConverter();
    assertThat(converter.convert("yml")).isEqualTo(ReportFormat.yaml);
    assertThat(converter.convert("yaml")).isEqualTo(ReportFormat.yaml);
    assertThatThrownBy(() -> converter.convert("xml")).hasMessageContaining("text, json or yaml");
  }

  @Test
  void anOwnersPodsAreAskedForAsKubectlDoes() throws UsageException {
    Optional<String> shop = Optional.of("shop");
    assertThat(ClusterOptions.pods("deploy/web", shop, Optional.empty()))
        .isEqualTo(new ClusterQuery.Pods.OwnedBy(shop, "Deployment", "web"));
    assertThat(ClusterOptions.pods("sts/db", Optional.empty(), shop))
        .isEqualTo(new ClusterQuery.Pods.OwnedBy(shop, "StatefulSet", "db"));
    assertThat(ClusterOptions.pods("apps/web-0", Optional.empty(), shop))
        .isEqualTo(new ClusterQuery.Pods.Named(Optional.of("apps"), "web-0"));
    assertThat(ClusterOptions.pods("pod/web-0", shop, Optional.empty()))
        .isEqualTo(new ClusterQuery.Pods.Named(shop, "web-0"));
  }
}
