package org.spiredoctor.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.spiredoctor.diagnosis.Report;
import org.yaml.snakeyaml.DumperOptions;

/** The same as the JSON, in YAML. */
public final class YamlReport {
  private static final YAMLMapper MAPPER =
      new YAMLMapper.Builder(new YAMLMapper(YAMLFactory.builder().dumperOptions(options()).build()))
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
          .build();

  private YamlReport() {}

  /** As in the JSON, characters beyond ASCII are escaped: some would turn or end the line. */
  private static DumperOptions options() {
    DumperOptions options = new DumperOptions();
    options.setAllowUnicode(false);
    options.setSplitLines(false);
    return options;
  }

  /** One YAML document. */
  public static String render(Report report) {
    return of(JsonReport.render(report));
  }

  /** Any JSON. */
  public static String of(String json) {
    try {
      JsonNode tree = new ObjectMapper().readTree(json);
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the report as YAML", e);
    }
  }
}
