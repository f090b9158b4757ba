package org.spiredoctor.registration;

import java.io.StringReader;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Hands a text to SnakeYAML in place. Its own reader copies what it holds for every 1,024
 * characters of one token, so that the time for a long value, comment or run of blanks grows with
 * its square.
 */
final class TextReader extends StreamReader {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final String LINE_ENDS = "\n\u0085\u2028\u2029";
  private static final int[] NO_SNIPPET = {0};

  private final String text;
  private int at;
  private int documentIndex;
  private int line;
  private int column;

  /**
   * @throws ReaderException where a character is none of YAML's
   */
  TextReader(String text) {
    super(new StringReader(""));
    this.text = text;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!isPrintable(c)) {
        throw new ReaderException("", i, c, "special characters are not allowed");
      }
      i += Character.charCount(c);
    }
  }

  @Override
  public Mark getMark() {
    return new Mark("", at, line, column, NO_SNIPPET, 0);
  }

  @Override
  public void forward() {
    forward(1);
  }

  @Override
  public void forward(int length) {
    for (int end = Math.min(at + length, text.length()); at < end; at++, documentIndex++) {
      char c = text.charAt(at);
      if (LINE_ENDS.indexOf(c) >= 0 || (c == '\r' && peek(1) != '\n')) {
        line++;
        column = 0;
      } else if (c != BYTE_ORDER_MARK) {
        column++;
      }
    }
  }

  @Override
  public int peek() {
    return peek(0);
  }

  @Override
  public int peek(int index) {
    return at + index < text.length() ? text.charAt(at + index) : 0;
  }

  @Override
  public String prefix(int length) {
    return text.substring(at, Math.min(at + length, text.length()));
  }

  @Override
  public String prefixForward(int length) {
    String prefix = prefix(length);
    at += prefix.length();
    documentIndex += prefix.length();
    column += length;
    return prefix;
  }

  @Override
  public int getColumn() {
    return column;
  }

  @Override
  public int getDocumentIndex() {
    return documentIndex;
  }

  @Override
  public void resetDocumentIndex() {
    documentIndex = 0;
  }

  @Override
  public int getIndex() {
    return at;
  }

  @Override
  public int getLine() {
    return line;
  }
}
