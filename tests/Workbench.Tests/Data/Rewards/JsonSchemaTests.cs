using System.Text.Json;
using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Schemas;

namespace Workbench.Tests.Data.Rewards;

/// <summary>Cases as the JSON Schema specification (2020-12) defines them.</summary>
public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"enum":[1,"a",{"b":[]}]}""", """{"b":[]}""", true)]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1}""", true)]
    [InlineData("""{"minLength":2}""", "\"😀\"", false)]
    [InlineData("""{"pattern":"^a"}""", "\"ba\"", false)]
    [InlineData("""{"pattern":"^a"}""", "7", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.3", true)]
    [InlineData("""{"exclusiveMaximum":3}""", "3", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,1]", false)]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""", """["a",1,2]""", true)]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""", """["a",1,"b"]""", false)]
    [InlineData("""{"contains":{"const":3}}""", "[1,2]", false)]
    [InlineData("""{"contains":{"const":3}}""", "[3]", true)]
    [InlineData("""{"contains":{"const":3}}""", "[]", false)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "4", false)]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "3", false)]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "2.5", true)]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "3", false)]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", false)]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]}}""", """{"a":1}""", false)]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]}}""", "{}", true)]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}},"required":["v"]}}}""", """{"v":1,"next":{"v":2}}""", true)]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}},"required":["v"]}}}""", """{"v":1,"next":{}}""", false)]
    [InlineData("false", "1", false)]
    [InlineData("""{"additionalProperties":{"type":"number"},"properties":{"a":true}}""", """{"a":"x","b":"y"}""", false)]
    public void A_value_is_accepted_as_the_specification_says(string schema, string value, bool accepted) =>
        Assert.Equal(accepted, new JsonSchema(Parse(schema)).Problem(Parse(value)) is null);

    [Fact]
    public void The_problem_names_its_place() =>
        Assert.Equal("$.a[1].b must be string", new JsonSchema(Parse("""{"properties":{"a":{"items":{"properties":{"b":{"type":"string"}}}}}}""")).Problem(Parse("""{"a":[{},{"b":1}]}""")));

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/nowhere"}""")]
    [InlineData("""{"minLength":"two"}""")]
    public void A_schema_that_cannot_be_followed_is_an_error_and_no_verdict(string schema) =>
        Assert.Throws<RewardException>(() => new JsonSchema(Parse(schema)).Problem(Parse("\"text\"")));

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
