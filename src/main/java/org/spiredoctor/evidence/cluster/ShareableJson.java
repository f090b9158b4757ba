package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.spiredoctor.kube.Redaction;

/**
 * Writes JSON that is given to others: every name and text in it is freed of tokens. What is needed
 * for matching comes here as it is; equal tokens in it become equal marks, {@code [redacted 1]}, so
 * that whatever matched before still matches, and nothing else does.
 */
final class ShareableJson extends JsonGeneratorDelegate {
  private static final String MARK = "[redacted ";

  private final Map<String, String> marks = new HashMap<>();

  ShareableJson(JsonGenerator json) {
    super(json, false);
  }

  @Override
  public void writeString(String text) throws IOException {
    super.writeString(shareable(text));
  }

  @Override
  public void writeFieldName(String name) throws IOException {
    super.writeFieldName(shareable(name));
  }

  private String shareable(String text) {
    // Nobody else may write such a mark.
    return Redaction.tokens(text.replace(MARK, "[ redacted "), this::mark);
  }

  private String mark(String token) {
    return marks.computeIfAbsent(token, _ -> MARK + (marks.size() + 1) + "]");
  }
}
