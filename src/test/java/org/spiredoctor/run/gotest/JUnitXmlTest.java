package org.spiredoctor.run.gotest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.run.gotest.TestResults.Status;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class JUnitXmlTest {
  private static final Instant STARTED = Instant.parse("2026-03-01T12:34:56.789Z");

  private static Document parsed(TestResults results, int exitCode)
      throws ParserConfigurationException, SAXException, IOException {
    String xml = JUnitXml.render("./internal/spire", STARTED, results, exitCode);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document document, String name) {
    NodeList found = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static Element testCase(Document document, String name) {
    return elements(document, "testcase").stream()
        .filter(element -> element.getAttribute("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static TestResults.Test test(String name, Status status, String... output) {
    return new TestResults.Test(name, status, Duration.ofMillis(1234), List.of(output));
  }

  @Test
  void aRunThatBrokeIsAnErrorOfItsStage() {
    String xml =
        JUnitXml.broken(
            "a.test",
            STARTED,
            new TestResults(List.of(test("TestA", Status.PASSED)), List.of(), ""),
            "wait-for-socket",
            "no <socket>");
    assertThat(xml)
        .contains("tests=\"2\" failures=\"0\" errors=\"1\"", "name=\"(wait-for-socket)\"")
        .contains("<error message=\"no &lt;socket&gt;\">");
  }

  @Test
  void everyOutcomeHasItsElement() throws Exception {
    Document document =
        parsed(
            new TestResults(
                List.of(
                    test("TestA", Status.PASSED, "said <this>"),
                    test("TestB", Status.FAILED, "", "    b_test.go:4: is \"bad\"", "more"),
                    test("TestC", Status.SKIPPED, "    c_test.go:5: not today"),
                    test("TestD", Status.UNFINISHED),
                    test("TestE", Status.FAILED)),
                List.of("outside"),
                "FAIL"),
            1);
    Element suite = elements(document, "testsuite").getFirst();
    assertThat(suite.getAttribute("name")).isEqualTo("./internal/spire");
    assertThat(suite.getAttribute("tests")).isEqualTo("5");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("6.170");
    assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-03-01T12:34:56Z");
    assertThat(elements(document, "property"))
        .extracting(it -> it.getAttribute("name") + "=" + it.getAttribute("value"))
        .containsExactly("exitCode=1", "verdict=FAIL");

    Element passed = testCase(document, "TestA");
    assertThat(passed.getAttribute("classname")).isEqualTo("./internal/spire");
    assertThat(passed.getAttribute("time")).isEqualTo("1.234");
    assertThat(passed.getTextContent().strip()).isEqualTo("said <this>");
    Element failure = (Element) testCase(document, "TestB").getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("b_test.go:4: is \"bad\"");
    assertThat(failure.getTextContent()).isEqualTo("\n    b_test.go:4: is \"bad\"\nmore\n");
    assertThat(testCase(document, "TestB").getElementsByTagName("system-out").item(0))
        .extracting(it -> it.getTextContent())
        .isEqualTo(failure.getTextContent());
    Element skipped = (Element) testCase(document, "TestC").getElementsByTagName("skipped").item(0);
    assertThat(skipped.getAttribute("message")).isEqualTo("c_test.go:5: not today");
    Element error = (Element) testCase(document, "TestD").getElementsByTagName("error").item(0);
    assertThat(error.getAttribute("message")).isEqualTo("it did not end");
    assertThat(elements(document, "failure").getLast().getAttribute("message")).isEqualTo("failed");
    assertThat(elements(document, "system-out").getLast().getTextContent()).isEqualTo("outside\n");
  }

  @ParameterizedTest
  @CsvSource({
    // verdict, outside, outcome, exit code, message
    "PASS, said, PASSED, 0, ''",
    "PASS, said, PASSED, 3, it ended with the exit code 3",
    "'', said, PASSED, 137, it ended with the exit code 137",
    "FAIL, said, FAILED, 1, ''",
    "'', said, UNFINISHED, 3, ''",
    "panic: boom, panic: boom, PASSED, 2, panic: boom",
    "panic: boom, panic: boom, FAILED, 2, panic: boom",
    "panic: boom, said, FAILED, 2, ''",
  })
  void anEndThatNoTestAccountsForIsAnError(
      String verdict, String outside, Status status, int exitCode, String message)
      throws Exception {
    Document document =
        parsed(
            new TestResults(List.of(test("TestA", status)), List.of(outside), verdict), exitCode);
    List<String> messages =
        elements(document, "testcase").stream()
            .filter(it -> it.getAttribute("name").equals("(end of the program)"))
            .map(it -> (Element) it.getElementsByTagName("error").item(0))
            .map(it -> it.getAttribute("message"))
            .toList();
    assertThat(messages).isEqualTo(message.isEmpty() ? List.of() : List.of(message));
    assertThat(elements(document, "testsuite").getFirst().getAttribute("tests"))
        .isEqualTo(String.valueOf(elements(document, "testcase").size()));
    assertThat(elements(document, "testsuites").getFirst().getAttribute("errors"))
        .isEqualTo(String.valueOf(elements(document, "error").size()));
  }

  @Test
  void nothingAtAllIsADocument() throws Exception {
    Document document = parsed(new TestResults(List.of(), List.of(), ""), 0);
    assertThat(elements(document, "testcase")).isEmpty();
    assertThat(elements(document, "system-out")).isEmpty();
  }

  /** What XML can write of it. */
  private static String writable(String text) {
    return text.codePoints()
        .map(
            c ->
                (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r')
                        || Set.of(
                                (int) Character.FORMAT,
                                (int) Character.LINE_SEPARATOR,
                                (int) Character.PARAGRAPH_SEPARATOR)
                            .contains(Character.getType(c))
                        || (c >= 0xd800 && c <= 0xdfff)
                        || c == 0xfffe
                        || c == 0xffff
                    ? 0xfffd
                    : c)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void anyTextIsReadBackAsItWas() throws Exception {
    String special =
        "<>&\"'\t\n\r\0\u0001\u001b\u0016\u007f\u0085\u2028\ud83d\ude42\ufffe\uffff]]>a é";
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      StringBuilder any = new StringBuilder("]]>");
      for (int length = random.nextInt(30); length > 0; length--) {
        any.append(
            random.nextBoolean()
                ? special.charAt(random.nextInt(special.length()))
                : (char) random.nextInt(0x10000));
      }
      String text = any.toString();
      Document document =
          parsed(
              new TestResults(List.of(test(text, Status.UNFINISHED, text)), List.of(text), text),
              0);
      String expected = writable(text);
      assertThat(elements(document, "testcase").getFirst().getAttribute("name"))
          .isEqualTo(expected);
      assertThat(elements(document, "error").getFirst().getTextContent())
          .isEqualTo(expected + "\n");
      assertThat(elements(document, "system-out").getLast().getTextContent())
          .isEqualTo(expected + "\n");
      assertThat(elements(document, "property").getLast().getAttribute("value"))
          .isEqualTo(expected);
    }
  }
}
