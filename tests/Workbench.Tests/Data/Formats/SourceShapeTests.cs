using System.Text;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Tests.Data.Formats;

/// <summary>What each form becomes, written out by hand after the forms' own documentation.</summary>
public sealed class SourceShapeTests
{
    [Theory]
    [InlineData(
        """{"instruction":"Add.","input":"1 2","output":"3","system":"Be brief.","history":[["hi","hello"]],"id":7}""",
        """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"},{"role":"assistant","content":"hello"},{"role":"user","content":"Add.\n1 2"},{"role":"assistant","content":"3"}],"id":7}""")]
    [InlineData(
        """{"instruction":"Name it.","context":"A cat.","response":"Cat","category":"qa"}""",
        """{"messages":[{"role":"user","content":"Name it.\nA cat."},{"role":"assistant","content":"Cat"}],"category":"qa"}""")]
    [InlineData(
        """{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b","weight":0}],"system":"s"}""",
        """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0}]}""")]
    [InlineData(
        """{"conversations":[{"from":"human","value":"a"},{"from":"function_call","value":"{\"name\":\"f\",\"arguments\":{\"x\":1}}"},{"from":"observation","value":"2"},{"from":"gpt","value":"b"}],"tools":"[{\"name\":\"f\",\"parameters\":{}}]"}""",
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"x":1}}}]},{"role":"tool","content":"2"},{"role":"assistant","content":"b"}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}""")]
    [InlineData(
        """{"conversations":[{"from":"human","value":"a"}],"chosen":{"from":"gpt","value":"good"},"rejected":{"from":"gpt","value":"bad"}}""",
        """{"prompt":[{"role":"user","content":"a"}],"chosen":[{"role":"assistant","content":"good"}],"rejected":[{"role":"assistant","content":"bad"}]}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"label":false}""",
        """{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}],"label":false}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}]}]}""",
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":{"x":1}}}]}]}""")]
    [InlineData(
        """{"messages":[{"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"}],"functions":[{"name":"f"}]}""",
        """{"messages":[{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{}}}]},{"role":"tool","content":"1","name":"f"}],"tools":[{"type":"function","function":{"name":"f"}}]}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"text","value":"a"}],"loss_weight":0.0},{"role":"assistant","content":[{"type":"reasoning","value":"hm"},{"type":"text","value":"b"},{"type":"tool_call","value":"{\"name\":\"f\",\"arguments\":\"{}\"}"}],"loss_weight":0.5}]}""",
        """{"messages":[{"role":"user","content":"a","weight":0.0},{"role":"assistant","content":"b","reasoning_content":"hm","tool_calls":[{"type":"function","function":{"name":"f","arguments":{}}}],"weight":0.5}]}""")]
    [InlineData(
        """{"chosen_messages":[{"role":"assistant","content":[{"type":"text","value":"b"}]}],"rejected_messages":[{"role":"assistant","content":[{"type":"text","value":"c"}]}]}""",
        """{"chosen":[{"role":"assistant","content":"b"}],"rejected":[{"role":"assistant","content":"c"}]}""")]
    [InlineData(
        """{"prompt":"q","chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}],"rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"c"}],"score_chosen":8.5}""",
        """{"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"b"}],"rejected":[{"role":"assistant","content":"c"}],"score_chosen":8.5}""")]
    [InlineData(
        """{"system":"s","question":"q","chosen":"b","rejected":"c"}""",
        """{"prompt":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"b"}],"rejected":[{"role":"assistant","content":"c"}]}""")]
    [InlineData(
        """{"question":"1+1?","answer":"It is 2.\n#### 2"}""",
        """{"prompt":[{"role":"user","content":"1+1?"}],"completion":[{"role":"assistant","content":"It is 2.\n#### 2"}],"answer":"It is 2.\n#### 2"}""")]
    [InlineData(
        """{"system":"SYSTEM: You are a helpful assistant with access to the following functions. Use them if required -\n{\"name\": \"f\", \"parameters\": {}}\n\n{\"name\": \"g\"}\n","chat":"USER: What's it?\n\n\nASSISTANT: <functioncall> {\"name\": \"f\", \"arguments\": '{\"q\": \"it\\'s\"}'} <|endoftext|>\n\n\nFUNCTION RESPONSE: {\"r\": 1}\n\n\nASSISTANT: One. <|endoftext|>"}""",
        """{"messages":[{"role":"user","content":"What's it?"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"q":"it's"}}}]},{"role":"tool","content":"{\"r\": 1}"},{"role":"assistant","content":"One."}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}},{"type":"function","function":{"name":"g"}}]}""")]
    public void A_row_becomes_trls(string line, string expected)
    {
        var row = RowParser.Parse(Encoding.UTF8.GetBytes(line));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(row.Json.GetRawText())), row.Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"prompt":"a","chosen":"b","rejected":"c"}""")]
    [InlineData("""{"chosen":"\n\nHuman: a\n\nAssistant: b","rejected":"\n\nHuman: a\n\nAssistant: c"}""")]
    [InlineData("""{"prompt":"a","completion":"b","label":true}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":"a","reasoning_content":"b"}]}""")]
    public void A_row_of_trls_own_form_stays_as_it_is(string line) =>
        Assert.Equal(line, RowParser.Parse(Encoding.UTF8.GetBytes(line)).Json.GetRawText());

    [Theory]
    [InlineData("""{"conversations":[{"from":"robot","value":"a"}]}""", "conversations[0].from is \"robot\"")]
    [InlineData("""{"conversations":[{"from":"function_call","value":"f(1)"}]}""", "conversations[0].value")]
    [InlineData("""{"conversations":[{"from":"human"}]}""", "conversations[0].value is missing")]
    [InlineData("""{"instruction":"a","output":5}""", "output must be a string")]
    [InlineData("""{"instruction":"a","output":"b","history":[["only"]]}""", "history")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"label":true}""", "must end with the assistant")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","value":"u"}]}]}""", "messages[0].content[0].type")]
    public void A_row_that_is_wrong_in_its_own_form_names_the_place(string line, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<RowFormatException>(() => RowParser.Parse(Encoding.UTF8.GetBytes(line))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_mapping_reads_columns_by_path_and_by_text_and_survives_its_own_json()
    {
        var mapping = ColumnMapping.Parse("""{"prompt":"{title}: {meta.body}","completion":"reply","reasoning":"why","keep":["id"]}""");
        var row = ColumnMapping.Parse(mapping.ToJson()).Apply(
            JsonNode.Parse("""{"title":"T","meta":{"body":"B"},"reply":4,"why":"since","id":9,"other":1}""").Deserialize());
        Assert.Equal(
            """{"prompt":[{"role":"user","content":"T: B"}],"completion":[{"role":"assistant","content":"4","reasoning_content":"since"}],"id":9}""",
            row.Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"promt":"a"}""", "promt")]
    [InlineData("""{"keep":["a"]}""", "must name")]
    public void A_mapping_that_says_nothing_is_refused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<RowFormatException>(() => ColumnMapping.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_mapping_names_the_column_that_a_row_lacks() =>
        Assert.Contains("question", Assert.Throws<RowFormatException>(() =>
            ColumnMapping.Parse("""{"prompt":"question"}""").Apply(JsonNode.Parse("""{"a":1}""").Deserialize())).Message, StringComparison.Ordinal);
}

file static class Nodes
{
    public static System.Text.Json.JsonElement Deserialize(this JsonNode? node) => System.Text.Json.JsonSerializer.SerializeToElement(node);
}
