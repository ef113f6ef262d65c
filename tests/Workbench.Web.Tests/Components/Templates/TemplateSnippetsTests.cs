using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Components.Pages.Templates;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class TemplateSnippetsTests
{
    private static readonly WorkspaceState State = new()
    {
        Template = "{%- if true -%}\n  {{ '\\n' }}\"\"\"\t你好 🦔\u2028\r\n{%- endif %}\n",
        Messages = """[{"role":"user","content":"a \"b\" \\ c\n你好","n":[1,2.5,true,null,{}],"e":[]}]""",
        Tools = """[{"type":"function"}]""",
        Kwargs = """{"enable_thinking":false}""",
        AddGenerationPrompt = true,
    };

    /// <summary>Python itself reads the program, with a transformers that only writes down what it is given.</summary>
    [Fact]
    public async Task Python_gets_exactly_the_pages_template_messages_and_variables()
    {
        const string Stub = """
            import sys, types, json
            module = types.ModuleType("transformers")
            class AutoTokenizer:
                @staticmethod
                def from_pretrained(name): return AutoTokenizer()
                def apply_chat_template(self, messages, **given): return json.dumps(dict(given, messages=messages))
            module.AutoTokenizer = AutoTokenizer
            sys.modules["transformers"] = module
            exec(compile(sys.stdin.buffer.read().decode("utf-8"), "snippet", "exec"))
            """;
        var output = await RunAsync("/usr/bin/python3", ["-c", Stub], TemplateSnippets.Python(State, "/models/my \"model\""));
        var given = JsonNode.Parse(output)!;
        Assert.Equal(State.Template, given["chat_template"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(State.Messages), given["messages"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(State.Tools), given["tools"]));
        Assert.Equal((false, true, false), ((bool)given["enable_thinking"]!, (bool)given["add_generation_prompt"]!, (bool)given["tokenize"]!));
    }

    /// <summary>The shell runs the command, with a curl that only prints what it is sent.</summary>
    [Fact]
    public async Task Curl_sends_exactly_the_pages_request()
    {
        var command = "curl() { cat; }\n" + TemplateSnippets.Curl(State, new Uri("http://127.0.0.1:5080/"));
        var sent = JsonSerializer.Deserialize<Workbench.Web.Services.PreviewRequest>(
            await RunAsync("/bin/bash", ["-s"], command), JsonSerializerOptions.Web);
        Assert.Equal(State.ToRequest(), sent);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        Assert.SkipUnless(File.Exists(program), $"needs {program}");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await process.StandardInput.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(input));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
