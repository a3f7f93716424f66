package dev.ingot.integration.program;

import java.io.StringReader;
import java.io.StringWriter;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Parsers, factories, transformers and schemas of the JDK that are made once and used again and again, and two that are in the midst. */
public final class XmlParsers {
    private static final String DOCUMENT = "<a n='1'><b>t</b><b>u</b></a>";
    private static final String SCHEMA =
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='xs:int'/></xs:schema>";
    private static final int DEEPEST = 7;

    private XmlParsers() {}

    public static void main(String[] arguments) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setAttribute("http://www.oracle.com/xml/jaxp/properties/maxElementDepth", DEEPEST);
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        SAXParser parser = SAXParserFactory.newInstance().newSAXParser();
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        Schema schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(new StreamSource(new StringReader(SCHEMA)));
        XMLStreamReader reader = XMLInputFactory.newInstance().createXMLStreamReader(new StringReader(repeated()));
        StringWriter written = new StringWriter();
        XMLStreamWriter writer = XMLOutputFactory.newInstance().createXMLStreamWriter(written);
        writer.writeStartElement("all");
        for (int round = 0; round < Pace.ROUNDS; round++) {
            StringWriter transformed = new StringWriter();
            transformer.transform(new StreamSource(new StringReader(DOCUMENT)), new StreamResult(transformed));
            schema.newValidator().validate(new StreamSource(new StringReader("<a>" + round + "</a>")));
            reader.next();
            writer.writeEmptyElement("e" + round);
            Pace.say(round + " "
                    + builder.parse(source(DOCUMENT)).getDocumentElement().getAttribute("n") + ' ' + elements(parser)
                    + ' ' + transformed + ' ' + reader.getLocalName());
        }
        writer.writeEndDocument();
        System.out.println(written);
        System.out.println(isRefused(builder) + " " + isRefused(factory.newDocumentBuilder()));
    }

    private static InputSource source(String document) {
        return new InputSource(new StringReader(document));
    }

    private static String repeated() {
        StringBuilder document = new StringBuilder("<x>");
        for (int i = 0; i < Pace.ROUNDS; i++) {
            document.append("<y").append(i).append("/>");
        }
        return document.append("</x>").toString();
    }

    private static int elements(SAXParser parser) throws Exception {
        int[] count = new int[1];
        parser.parse(source(DOCUMENT), new DefaultHandler() {
            @Override
            public void startElement(String uri, String local, String name, Attributes attributes) {
                count[0]++;
            }
        });
        return count[0];
    }

    /** Whether the limits of the factory hold. */
    private static boolean isRefused(DocumentBuilder builder) throws Exception {
        builder.setErrorHandler(new DefaultHandler());
        try {
            builder.parse(source("<c>".repeat(DEEPEST + 1) + "</c>".repeat(DEEPEST + 1)));
            return false;
        } catch (SAXException refused) {
            return true;
        }
    }
}
