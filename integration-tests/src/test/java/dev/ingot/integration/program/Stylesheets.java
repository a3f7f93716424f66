package dev.ingot.integration.program;

import java.io.StringReader;
import java.io.StringWriter;
import javax.xml.transform.Templates;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;

/** Keeps stylesheets that the JDK has compiled, and a transformer of one. */
public final class Stylesheets {
    private static final String HEAD =
            "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/>";
    private static final String SUM = HEAD
            + "<xsl:param name='factor'/><xsl:key name='even' match='n' use='. mod 2 = 0'/>"
            + "<xsl:template match='/'>sum <xsl:value-of select='sum(//n) * $factor'/>, even"
            + " <xsl:value-of select=\"count(key('even', true()))\"/></xsl:template></xsl:stylesheet>";
    private static final String SORTED = HEAD
            + "<xsl:template match='/'><xsl:for-each select='//n'>"
            + "<xsl:sort select='. mod 7' data-type='number'/><xsl:sort data-type='number' order='descending'/>"
            + "<xsl:value-of select='.'/>;</xsl:for-each></xsl:template></xsl:stylesheet>";

    private Stylesheets() {}

    public static void main(String[] arguments) throws TransformerException {
        TransformerFactory factory = TransformerFactory.newInstance();
        Templates sum = factory.newTemplates(new StreamSource(new StringReader(SUM)));
        Transformer sorted = factory.newTransformer(new StreamSource(new StringReader(SORTED)));
        StringBuilder numbers = new StringBuilder();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            numbers.append("<n>").append(round * 37 % 101).append("</n>");
            String document = "<numbers>" + numbers + "</numbers>";
            Transformer summing = sum.newTransformer();
            summing.setParameter("factor", round);
            Pace.say(result(summing, document) + " | " + result(sorted, document));
        }
    }

    private static String result(Transformer transformer, String document) throws TransformerException {
        StringWriter written = new StringWriter();
        transformer.transform(new StreamSource(new StringReader(document)), new StreamResult(written));
        return written.toString();
    }
}
