namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A conversation to try a template with.</summary>
/// <param name="Name">Its name, unique.</param>
/// <param name="Messages">A JSON list of messages.</param>
/// <param name="Tools">A JSON list of tools.</param>
/// <param name="Kwargs">A JSON object of further variables.</param>
public sealed record SampleConversation(string Name, string Messages, string Tools = "", string Kwargs = "");

/// <summary>Conversations that show what templates differ in.</summary>
public static class SampleConversations
{
    /// <summary>All of them, the plainest first.</summary>
    public static IReadOnlyList<SampleConversation> All { get; } =
    [
        new("Plain", """
            [
              {"role": "user", "content": "Tell me a story about a brave mouse."},
              {"role": "assistant", "content": "Once upon a time, there was a brave mouse."}
            ]
            """),
        new("System and two turns", """
            [
              {"role": "system", "content": "Answer in one sentence."},
              {"role": "user", "content": "Why is the sky blue?"},
              {"role": "assistant", "content": "Air scatters blue light more than red."},
              {"role": "user", "content": "And at sunset?"},
              {"role": "assistant", "content": "The light's long way through the air leaves mostly red."}
            ]
            """),
        new("Tools", """
            [
              {"role": "user", "content": "How warm is it in Oslo?"},
              {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                  {"type": "function", "id": "call_0001", "function": {"name": "temperature", "arguments": {"city": "Oslo", "unit": "celsius"}}}
                ]
              },
              {"role": "tool", "name": "temperature", "tool_call_id": "call_0001", "content": "{\"celsius\": 11}"},
              {"role": "assistant", "content": "It is 11 °C in Oslo."}
            ]
            """,
            Tools: """
            [
              {
                "type": "function",
                "function": {
                  "name": "temperature",
                  "description": "The temperature in a city now.",
                  "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
                    "required": ["city"]
                  }
                }
              }
            ]
            """),
        new("Reasoning", """
            [
              {"role": "user", "content": "Is 91 a prime number?"},
              {"role": "assistant", "reasoning_content": "91 = 7 × 13.", "content": "No: 91 is 7 times 13."},
              {"role": "user", "content": "And 97?"},
              {"role": "assistant", "reasoning_content": "Not divisible by 2, 3, 5 or 7; 11² > 97.", "content": "Yes, 97 is prime."}
            ]
            """),
        new("Multimodal", """
            [
              {
                "role": "user",
                "content": [
                  {"type": "image"},
                  {"type": "text", "text": "What is in this picture?"}
                ]
              },
              {"role": "assistant", "content": [{"type": "text", "text": "A heron beside a pond."}]}
            ]
            """),
        new("Chinese", """
            [
              {"role": "system", "content": "你是一个乐于助人的助手。"},
              {"role": "user", "content": "请用一句话介绍杭州。"},
              {"role": "assistant", "content": "杭州以西湖闻名，是一座历史悠久的城市。"}
            ]
            """),
        new("Continue the final message", """
            [
              {"role": "user", "content": "List three colours as JSON."},
              {"role": "assistant", "content": "{\"colours\": [\"red\","}
            ]
            """,
            Kwargs: """{"continue_final_message": true}"""),
    ];
}
