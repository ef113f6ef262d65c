using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench inspect</c>: what a model's or an adapter's folder holds, and what is wrong with it.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(VerbIo io)
    {
        var folders = new Argument<string[]>("DIR") { Arity = ArgumentArity.OneOrMore, Description = "Folders of models or adapters." };
        var command = new Command(
            "inspect", "Describe folders without loading their weights. Out: a line each, {\"path\",\"kind\",…,\"problems\"}; the status is 1 where one has problems.")
        {
            folders,
        };
        command.SetAction(arguments =>
        {
            var status = ExitCodes.Done;
            foreach (var folder in arguments.GetRequiredValue(folders))
            {
                var isAdapter = AdapterFolder.Is(folder);
                object found = isAdapter ? AdapterInspector.Inspect(folder) : ModelInspector.Inspect(folder);
                var json = JsonSerializer.SerializeToNode(found, Readable)!.AsObject();
                json.Insert(0, "path", Path.GetFullPath(folder));
                json.Insert(1, "kind", isAdapter ? "adapter" : "model");
                io.WriteLine(json.ToJsonString(Readable));
                status = json["problems"]!.AsArray().Count > 0 ? ExitCodes.Failed : status;
            }

            return status;
        });
        return command;
    }
}
